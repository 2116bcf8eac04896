/**
 * Serves the built dashboard. The list of files is read once, so that no request can name any other; contents are
 * read when asked for.
 */
export declare function dashboardFiles(folder: string): (path: string) => Response | undefined;
