import { lazy, type ComponentType, type LazyExoticComponent } from 'react';
import type { Both } from '../i18n/catalogue';

export interface Page {
  /** The first part of the address; it may go on with parameters, such as `customers/:customerId?`. */
  readonly path: string;
  readonly title: Both;
  readonly page: LazyExoticComponent<ComponentType>;
}

/** Every page of the console, in the order of the navigation. A page is a folder below `pages/` and a line here. */
export const pages: readonly Page[] = [
  { path: 'overview', title: { en: 'Overview', de: 'Überblick' }, page: lazy(() => import('../pages/overview')) },
  { path: 'customers/:customerId?', title: { en: 'Customers', de: 'Kunden' }, page: lazy(() => import('../pages/customers')) },
  { path: 'journeys/:journey?', title: { en: 'Journeys', de: 'Journeys' }, page: lazy(() => import('../pages/journeys')) },
  { path: 'models/:model?', title: { en: 'Models', de: 'Modelle' }, page: lazy(() => import('../pages/models')) },
  { path: 'experiments/:experiment?', title: { en: 'Experiments', de: 'Experimente' }, page: lazy(() => import('../pages/experiments')) },
  { path: 'collections', title: { en: 'Collections', de: 'Inkasso' }, page: lazy(() => import('../pages/collections')) },
  { path: 'messages', title: { en: 'Messages', de: 'Nachrichten' }, page: lazy(() => import('../pages/messages')) },
  { path: 'documents/:collection?/:id?', title: { en: 'Documents', de: 'Dokumente' }, page: lazy(() => import('../pages/documents')) },
  { path: 'audit', title: { en: 'Audit', de: 'Prüfung' }, page: lazy(() => import('../pages/audit')) },
  { path: 'operations', title: { en: 'Operations', de: 'Betrieb' }, page: lazy(() => import('../pages/operations')) },
];

/** The part of a page's address that does not change. */
export const rootOf = (page: Page): string => page.path.split('/:')[0]!;
