'use client';

import { Search } from 'lucide-react';
import { Dialog } from 'radix-ui';
import { type KeyboardEvent, useEffect, useId, useState } from 'react';
import { classNames } from './class-names.ts';
import { type Command, filterCommands } from './command-filter.ts';
import { useNavigate } from './link.tsx';

export interface CommandMenuProps {
  readonly commands: readonly Command[];
  /** The words on the button that opens it. */
  readonly label?: string;
  readonly className?: string;
}

/** Ctrl-K or Cmd-K: everything in this place, by name. */
export function CommandMenu({ commands, label = 'Search', className }: CommandMenuProps) {
  const [open, setOpen] = useState(false);
  useEffect(() => {
    const toggle = (event: globalThis.KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.metaKey || event.ctrlKey)) return;
      event.preventDefault();
      setOpen((was) => !was);
    };
    window.addEventListener('keydown', toggle);
    return () => window.removeEventListener('keydown', toggle);
  }, []);
  return (
    <Dialog.Root open={open} onOpenChange={setOpen}>
      <Dialog.Trigger
        className={classNames(
          'flex h-8 items-center gap-2 rounded-md border border-line bg-paper px-2.5 text-sm text-muted transition-colors duration-150 hover:border-line-strong hover:text-ink',
          className,
        )}
      >
        <Search aria-hidden className="size-3.5" />
        <span>{label}</span>
        <kbd className="ml-auto hidden pl-6 font-sans text-xs text-faint md:inline">Ctrl K</kbd>
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 animate-fade-in bg-scrim" />
        <div className="pointer-events-none fixed inset-0 z-50 flex items-start justify-center p-3 pt-[12vh]">
          <Dialog.Content
            aria-describedby={undefined}
            className="pointer-events-auto w-full max-w-xl animate-rise overflow-hidden rounded-lg bg-raised text-ink shadow-raised outline-none"
          >
            <Dialog.Title className="sr-only">Search and commands</Dialog.Title>
            <CommandList commands={commands} onDone={() => setOpen(false)} />
          </Dialog.Content>
        </div>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function CommandList({ commands, onDone }: { readonly commands: readonly Command[]; readonly onDone: () => void }) {
  const navigate = useNavigate();
  const id = useId();
  const [query, setQuery] = useState('');
  const [active, setActive] = useState(0);
  const found = filterCommands(commands, query);

  const run = (command: Command | undefined) => {
    if (!command) return;
    onDone();
    navigate(command.href);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      const next = (active + step + found.length) % Math.max(1, found.length);
      setActive(next);
      document.getElementById(`${id}-${next}`)?.scrollIntoView({ block: 'nearest' });
    }
    if (event.key === 'Enter') run(found[active]);
  };

  return (
    <>
      <div className="flex items-center gap-2.5 border-b border-line px-4">
        <Search aria-hidden className="size-4 shrink-0 text-faint" />
        <input
          role="combobox"
          aria-label="Search and commands"
          aria-expanded="true"
          aria-controls={`${id}-list`}
          aria-activedescendant={found.length > 0 ? `${id}-${active}` : undefined}
          autoComplete="off"
          spellCheck={false}
          placeholder="Type a page or an action"
          value={query}
          onChange={(event) => {
            setQuery(event.target.value);
            setActive(0);
          }}
          onKeyDown={onKeyDown}
          className="h-12 min-w-0 flex-1 bg-transparent text-lg text-ink outline-none placeholder:text-faint sm:text-base"
        />
      </div>
      <div id={`${id}-list`} role="listbox" aria-label="Results" className="max-h-[50vh] overflow-y-auto p-1.5">
        {found.map((command, index) => (
          <CommandOption
            key={`${command.group} ${command.label} ${command.href}`}
            id={`${id}-${index}`}
            command={command}
            active={index === active}
            showGroup={command.group !== found[index - 1]?.group}
            onHover={() => setActive(index)}
            onRun={() => run(command)}
          />
        ))}
      </div>
      {found.length === 0 ? (
        <p role="status" className="px-4 pt-1 pb-6 text-base text-muted">
          Nothing is called “{query}” here. Try the name of a page or an agent.
        </p>
      ) : null}
    </>
  );
}

interface CommandOptionProps {
  readonly id: string;
  readonly command: Command;
  readonly active: boolean;
  readonly showGroup: boolean;
  readonly onHover: () => void;
  readonly onRun: () => void;
}

function CommandOption({ id, command, active, showGroup, onHover, onRun }: CommandOptionProps) {
  return (
    <>
      {showGroup ? (
        <div role="presentation" className="px-2.5 pt-2 pb-1 text-xs text-faint">
          {command.group}
        </div>
      ) : null}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the combobox above owns the keyboard */}
      <div
        id={id}
        role="option"
        tabIndex={-1}
        aria-selected={active}
        onMouseMove={onHover}
        onClick={onRun}
        className="flex h-9 cursor-pointer items-center justify-between gap-4 rounded-md px-2.5 text-base aria-selected:bg-hover"
      >
        <span className="truncate">{command.label}</span>
        {command.hint ? <span className="shrink-0 text-sm text-faint">{command.hint}</span> : null}
      </div>
    </>
  );
}
