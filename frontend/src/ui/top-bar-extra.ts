import { createContext } from 'react';

/** What the shell shows in the top bar of every page, before the page's own actions. */
export const TopBarExtra = createContext<React.ReactNode>(null);
