export declare const dashboardFolder: string;
