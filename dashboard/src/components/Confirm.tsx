import { useEffect, useId, useRef, type ReactNode } from 'react';

/** A dialog over the page that asks before something is done. It opens where it is put, and the page below keeps all that was typed. */
export function Confirm({ title, close, children }: { readonly title: string; readonly close: () => void; readonly children: ReactNode }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} aria-labelledby={heading} onClose={close}>
      <h2 id={heading}>{title}</h2>
      {children}
    </dialog>
  );
}
