import { useId, type ReactNode } from 'react';
import { usePermission } from '../api/session';
import { useRefusal } from './States';

/** A button for an operation of the API. Who may not call it sees it off, with the roles that may. */
export function ActionButton({ operation, onClick, children, primary = false, disabled = false, submit = false }: {
  /** Its name in openapi.json. */
  readonly operation: string;
  readonly onClick?: () => void;
  readonly children: ReactNode;
  readonly primary?: boolean;
  readonly disabled?: boolean;
  readonly submit?: boolean;
}) {
  const { allowed, roles } = usePermission(operation);
  const refusal = useRefusal();
  const id = useId();
  return (
    <>
      <button type={submit ? 'submit' : 'button'} className={primary ? 'primary' : undefined} disabled={!allowed || disabled} onClick={onClick}
        {...(allowed ? {} : { title: refusal(roles), 'aria-describedby': id })}>{children}</button>
      {!allowed && <span id={id} className="hint">{refusal(roles)}</span>}
    </>
  );
}
