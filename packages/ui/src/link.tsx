'use client';

import { type AnchorHTMLAttributes, type ComponentType, createContext, type ReactNode, useContext } from 'react';

export interface LinkProps extends AnchorHTMLAttributes<HTMLAnchorElement> {
  readonly href: string;
  /** False keeps the place on the page, as when a row opens its sheet. */
  readonly scroll?: boolean;
}

interface UiRouter {
  readonly LinkComponent: ComponentType<LinkProps> | 'a';
  readonly navigate: (href: string) => void;
}

const RouterContext = createContext<UiRouter>({
  LinkComponent: 'a',
  navigate: (href) => window.location.assign(href),
});

/** Hands the app's router to every link, sheet and command of this package. */
export function UiRouterProvider({ LinkComponent, navigate, children }: UiRouter & { readonly children: ReactNode }) {
  return <RouterContext value={{ LinkComponent, navigate }}>{children}</RouterContext>;
}

/** An anchor that navigates by the app's router. Style it, or use `TextLink`. */
export function Link(props: LinkProps) {
  const { LinkComponent } = useContext(RouterContext);
  if (LinkComponent !== 'a') return <LinkComponent {...props} />;
  const { scroll: _, ...anchor } = props;
  return <a {...anchor} />;
}

/** Goes to an address as a link would. */
export function useNavigate(): (href: string) => void {
  return useContext(RouterContext).navigate;
}
