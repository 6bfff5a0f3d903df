import { DataTable } from '../../components/DataTable';
import { useText } from './text';
import type { Mark } from './api';

/** A draft with the places of its proof marked in it, and the same as a table. All of it is text, whatever it says. */
export function Proven({ name, subject, body, marks }: {
  /** Unique on the page. */
  readonly name: string;
  readonly subject: string | null;
  readonly body: string;
  readonly marks: readonly Mark[];
}) {
  const t = useText();
  return (
    <>
      {subject !== null && <p className="draft"><strong>{t.subject}: </strong><Marked text={subject} marks={marks.filter((mark) => mark.part === 'subject')} /></p>}
      <pre className="draft"><Marked text={body} marks={marks.filter((mark) => mark.part === 'body')} /></pre>
      <DataTable name={name} caption={t.proof} rows={marks} id={(mark) => `${mark.part} ${mark.start}`} empty={t.nothingToProve} height={14} columns={[
        { key: 'text', title: t.said, value: (mark) => mark.text },
        { key: 'part', title: t.place, value: (mark) => t[mark.part], width: '7rem' },
        { key: 'check', title: t.check, value: (mark) => mark.check, width: '9rem' },
        { key: 'by', title: t.provenBy, value: (mark) => mark.by ?? '', show: (mark) => mark.by ?? <span className="badge bad">{t.refused}</span> },
        { key: 'value', title: t.briefSays, value: (mark) => mark.reason ?? mark.value ?? '' },
      ]} />
    </>
  );
}

function Marked({ text, marks }: { readonly text: string; readonly marks: readonly Mark[] }) {
  const t = useText();
  return (
    <>
      {marks.map((mark, index) => {
        const before = marks[index - 1];
        return (
          <span key={mark.start}>
            {text.slice(before === undefined ? 0 : before.start + before.length, mark.start)}
            <mark className={mark.reason === null ? 'proven' : 'refused'} title={mark.reason === null ? t.by(mark.by ?? '', mark.value ?? '') : mark.reason}>
              {text.slice(mark.start, mark.start + mark.length)}
            </mark>
          </span>
        );
      })}
      {text.slice(marks.length === 0 ? 0 : marks.at(-1)!.start + marks.at(-1)!.length)}
    </>
  );
}
