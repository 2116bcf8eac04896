import { Command } from 'commander';
export declare function logoutCommand(): Command;
