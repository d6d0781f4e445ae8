import {
  BookOpen,
  Bot,
  Braces,
  ChartColumn,
  CreditCard,
  Gauge,
  House,
  Layers,
  type LucideIcon,
  ReceiptText,
  ScrollText,
  Settings,
  UserRoundCog,
  Users,
} from 'lucide-react';
import type { NavigationIcon } from './navigation.ts';

export const navigationIcons: Readonly<Record<NavigationIcon, LucideIcon>> = {
  home: House,
  apis: Braces,
  meters: Gauge,
  plans: Layers,
  customers: Users,
  payments: ReceiptText,
  usage: ChartColumn,
  logs: ScrollText,
  settings: Settings,
  agents: Bot,
  billing: CreditCard,
  team: UserRoundCog,
  docs: BookOpen,
};
