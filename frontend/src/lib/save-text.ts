/** Hands a text to the browser's download. */
export function saveText(file: { name: string; text: string; type?: string }): void {
  const address = URL.createObjectURL(new Blob([file.text], { type: file.type ?? 'text/plain' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = file.name;
  link.click();
  URL.revokeObjectURL(address);
}
