import { Button, type ButtonProps } from '@mantine/core';
import { createLink } from '@tanstack/react-router';

function AnchorButton(props: ButtonProps & Omit<React.ComponentProps<'a'>, keyof ButtonProps>) {
  return <Button component="a" {...props} />;
}

/** A link that looks like a button, with the router's typed addresses. */
export const LinkButton = createLink(AnchorButton);
