/** Hands a text to the browser's download. */
export function saveText(file: { name: string; text: string; type?: string }): void {
  saveContent(file.name, new Blob([file.text], { type: file.type ?? 'text/plain' }));
}

/** The same for bytes. */
export function saveContent(name: string, content: Blob): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
