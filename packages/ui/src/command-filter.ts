/** A place or an act that can be called by name. */
export interface Command {
  readonly label: string;
  readonly href: string;
  /** `Go to`, `Agents`, `Create`. */
  readonly group: string;
  /** Other words people use for it. */
  readonly keywords?: string;
  readonly hint?: string;
}

/** The commands in which every typed word occurs; those whose name begins with it come first, else the given order. */
export function filterCommands(commands: readonly Command[], query: string): readonly Command[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return commands;
  const matches = commands.filter((command) => {
    const text = `${command.label} ${command.group} ${command.keywords ?? ''} ${command.hint ?? ''}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  const first = words.join(' ');
  const leads = (command: Command) => command.label.toLowerCase().startsWith(first);
  return [...matches.filter(leads), ...matches.filter((command) => !leads(command))];
}
