import { Tabs as Base } from '@base-ui/react/tabs';
import type { ReactNode } from 'react';

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
  return (
    <Base.Root
      className={`tabs tabs-${layout}`}
      orientation={layout === 'side' ? 'vertical' : 'horizontal'}
      value={value}
      onValueChange={(next) => onChange(next as T)}
    >
      <Base.List className="tab-list" aria-label={label}>
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
