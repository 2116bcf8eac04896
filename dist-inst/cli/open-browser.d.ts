/**
 * Opens a login page. The address holds the login's one-time state, and every user of this computer can read the
 * arguments of a process: so the browser is given a file that only its owner can read, and that leads on.
 *
 * @returns takes the file away again
 */
export declare function openBrowser(url: string, home: string, name: string): Disposable;
