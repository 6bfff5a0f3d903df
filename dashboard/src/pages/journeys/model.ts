// The journey as text and what the canvas makes of it: everything that needs no browser.
export * from './graph';
export * from './kinds';
export * from './text';
