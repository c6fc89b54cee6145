import { Tabs as Base } from '@base-ui/react/tabs';
import { type ReactNode, useEffect, useRef } from 'react';

export interface TabsProps<T extends string> {
  value: T;
  onChange: (value: T) => void;
  /** Name of the row of tabs. */
  label: string;
  tabs: readonly { value: T; label: string; icon?: ReactNode; testId?: string }[];
  /** `side`: a column of tabs beside the panel, as in settings; it becomes a row where there is no room. */
  layout?: 'top' | 'side';
  children: ReactNode;
}

/** Tabs with one panel: `children` is the panel of `value`. */
export function Tabs<T extends string>(props: TabsProps<T>) {
  const { value, onChange, label, tabs, layout = 'top', children } = props;
  const list = useRef<HTMLDivElement>(null);
  // There may be more of them than there is room, and what is shown may have been chosen elsewhere.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another one is the reason
  useEffect(() => {
    const chosen = list.current?.querySelector('[aria-selected="true"]');
    chosen?.scrollIntoView?.({ block: 'nearest', inline: 'nearest' });
  }, [value]);
  return (
    <Base.Root
      className={`tabs tabs-${layout}`}
      orientation={layout === 'side' ? 'vertical' : 'horizontal'}
      value={value}
      onValueChange={(next) => onChange(next as T)}
    >
      <Base.List ref={list} className="tab-list" aria-label={label}>
        {tabs.map((tab) => (
          <Base.Tab key={tab.value} value={tab.value} className="tab" data-testid={tab.testId}>
            {tab.icon}
            {tab.label}
          </Base.Tab>
        ))}
      </Base.List>
      <Base.Panel value={value} className="tab-panel">
        {children}
      </Base.Panel>
    </Base.Root>
  );
}
