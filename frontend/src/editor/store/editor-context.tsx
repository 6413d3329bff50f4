import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import { type EditorActions, type EditorState, type EditorStore } from './editor-store.js';

const EditorContext = createContext<EditorStore | null>(null);

export function EditorProvider(props: { store: EditorStore; children: React.ReactNode }) {
  return <EditorContext.Provider value={props.store}>{props.children}</EditorContext.Provider>;
}

/** The store itself, for reading at the moment of a deed. */
export function useEditorStore(): EditorStore {
  const store = useContext(EditorContext);
  if (!store) throw new Error('useEditorStore is used outside an editor');
  return store;
}

/** One narrow piece of the editor's state. */
export function useEditor<Piece>(select: (state: EditorState) => Piece): Piece {
  return useStore(useEditorStore(), select);
}

export function useActions(): EditorActions {
  return useStore(useEditorStore(), (state) => state.actions);
}
