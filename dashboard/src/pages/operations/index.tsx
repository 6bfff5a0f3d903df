import { Tabs } from '../../components/Tabs';
import { useUrlState } from '../../components/useUrlState';
import { Clock } from './Clock';
import { DeadLetters } from './DeadLetters';
import { Timers } from './Timers';
import { useText } from './text';

export default function OperationsPage() {
  const t = useText();
  const [part, setPart] = useUrlState('part', 'letters');
  return (
    <>
      <h1>{t.title}</h1>
      <Tabs label={t.sections} selected={part} select={setPart} tabs={[{ key: 'letters', title: t.letters }, { key: 'timers', title: t.timers }, { key: 'clock', title: t.clock }]}>
        {part === 'timers' ? <Timers /> : part === 'clock' ? <Clock /> : <DeadLetters />}
      </Tabs>
    </>
  );
}
