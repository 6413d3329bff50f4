import { cleanup, configure } from '@testing-library/react';
import { afterEach, vi } from 'vitest';

// A busy machine takes more than the usual second to draw a page.
configure({ asyncUtilTimeout: 25_000 });

afterEach(() => {
  cleanup();
  localStorage.clear();
});

/** jsdom has no layout, so these answer as a wide screen that never changes. */
vi.stubGlobal('matchMedia', (media: string) => ({
  matches: false,
  media,
  onchange: null,
  addEventListener() {},
  removeEventListener() {},
  addListener() {},
  removeListener() {},
  dispatchEvent: () => false,
}));

class StillObserver {
  observe() {}
  unobserve() {}
  disconnect() {}
}
vi.stubGlobal('ResizeObserver', StillObserver);
vi.stubGlobal('IntersectionObserver', StillObserver);

class FlatMatrix {
  m22 = 1;
  constructor(transform?: string) {
    const scale = transform?.match(/scale\(([\d.]+)\)/)?.[1];
    if (scale) this.m22 = Number(scale);
  }
}
vi.stubGlobal('DOMMatrixReadOnly', FlatMatrix);

Element.prototype.scrollIntoView = function scrollIntoView() {};

/** Fields that grow with their text listen for fonts to arrive. */
Object.defineProperty(document, 'fonts', { value: new EventTarget() });

/** jsdom says that it has neither, at every use. */
HTMLCanvasElement.prototype.getContext = () => null;
window.scrollTo = () => {};
