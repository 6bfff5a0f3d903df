// The journey as text, and what the canvas makes of it: everything that needs no browser.
export * from '../documents/edit';
export * from './graph';
export * from './kinds';
export * from './text';
