export { Badge, type BadgeProps, type Tone } from './badge.tsx';
export { BudgetGauge, type BudgetGaugeProps } from './budget-gauge.tsx';
export { Button, type ButtonProps, buttonStyles } from './button.tsx';
export { Callout, type CalloutError, type CalloutProps } from './callout.tsx';
export { Funnel, type FunnelLoss, type FunnelProps, type FunnelStep } from './charts/funnel.tsx';
export { StackedBars, type StackedBarsProps } from './charts/stacked-bars.tsx';
export { Checkbox, type CheckboxProps } from './checkbox.tsx';
export { classNames } from './class-names.ts';
export { CodeBlock, type CodeBlockProps } from './code-block.tsx';
export { type Command, filterCommands } from './command-filter.ts';
export { CommandMenu, type CommandMenuProps } from './command-menu.tsx';
export { ConfirmDialog, type ConfirmDialogProps } from './confirm-dialog.tsx';
export { CopyButton, type CopyButtonProps } from './copy-button.tsx';
export { CopyField, type CopyFieldProps } from './copy-field.tsx';
export { CsvButton, type CsvButtonProps } from './csv-button.tsx';
export { Dialog, type DialogProps } from './dialog.tsx';
export {
  DropdownChoice,
  DropdownItem,
  DropdownLabel,
  DropdownLink,
  DropdownMenu,
  type DropdownMenuProps,
  DropdownSeparator,
} from './dropdown-menu.tsx';
export { EmptyState, type EmptyStateProps } from './empty-state.tsx';
export { Field, type FieldProps } from './field.tsx';
export { type Figure, Figures } from './figures.tsx';
export { FilterBar, type FilterBarProps } from './filter-bar.tsx';
export { brandColour, brandInk, relativeLuminance } from './format/brand.ts';
export { type BudgetShares, budgetShares } from './format/budget.ts';
export { type CsvCell, toCsv } from './format/csv.ts';
export { formatNanoUsd, formatNanoUsdCompact, formatNanoUsdExact, type MoneyMode } from './format/money.ts';
export { formatQuantityCompact, formatQuantityExact, type Unit, unitFor } from './format/quantity.ts';
export {
  assignHues,
  colourOf,
  type FoldedBucket,
  type FoldedSeries,
  foldSeries,
  type Hue,
  type HueMap,
  OTHER_KEY,
  type Series,
  type TimeBucket,
} from './format/series.ts';
export {
  formatBucket,
  formatBucketFull,
  formatInstant,
  formatInstantUtc,
  formatRelative,
  type Granularity,
  type TimestampMode,
} from './format/time.ts';
export { basisPoints, groupDigits, parseWhole, type WholeNumber } from './format/whole.ts';
export { Identifier, type IdentifierProps } from './identifier.tsx';
export { Input, type InputProps } from './input.tsx';
export { KeyValue, type KeyValueProps } from './key-value.tsx';
export { Link, type LinkProps, UiRouterProvider, useNavigate } from './link.tsx';
export { LinkButton } from './link-button.tsx';
export { type Measure, MeasuredValue } from './measure.tsx';
export { MethodBadge } from './method-badge.tsx';
export { Money, type MoneyProps } from './money.tsx';
export { PageHeader, type PageHeaderProps } from './page-header.tsx';
export { Pagination, type PaginationProps } from './pagination.tsx';
export { Quantity, type QuantityProps } from './quantity.tsx';
export { QuotaGauge, type QuotaGaugeProps } from './quota-gauge.tsx';
export { RadioGroup, type RadioGroupProps, type RadioOption } from './radio-group.tsx';
export { RankedBars, type RankedBarsProps, type RankedItem } from './ranked-bars.tsx';
export { ScrollRegion, type ScrollRegionProps } from './scroll-region.tsx';
export { SecretOnce, type SecretOnceProps } from './secret-once.tsx';
export { Card, Section, type SectionProps } from './section.tsx';
export { Segmented, type SegmentedProps } from './segmented.tsx';
export { Select, type SelectOption, type SelectProps } from './select.tsx';
export { Sheet, type SheetProps } from './sheet.tsx';
export { Skeleton, TableSkeleton } from './skeleton.tsx';
export { Sparkline, type SparklineProps } from './sparkline.tsx';
export { SubmitButton } from './submit-button.tsx';
export { type SortDirection, Table, type TableColumn, type TableProps } from './table.tsx';
export { type TabItem, Tabs, type TabsProps } from './tabs.tsx';
export { TextLink } from './text-link.tsx';
export { Textarea, type TextareaProps } from './textarea.tsx';
export type { Theme } from './theme.ts';
export { THEMES } from './theme.ts';
export { ThemeScript } from './theme-script.tsx';
export { ThemeToggle } from './theme-toggle.tsx';
export { Timestamp, type TimestampProps } from './timestamp.tsx';
export { Tooltip, type TooltipProps } from './tooltip.tsx';
export { useTheme } from './use-theme.ts';
