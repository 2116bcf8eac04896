import type { AccountView } from '../contracts/api.ts';
/** A status for people: a mark, a word, and colour where there is some. */
export declare function statusMark(status: AccountView['status']): string;
/** `14 h 12 min` */
export declare function lifeText(ms: number): string;
/** `Tue 06:00`, in India. */
export declare function istText(iso: string): string;
/** One account as lines of `name: value`. */
export declare function accountLines(view: AccountView): string;
