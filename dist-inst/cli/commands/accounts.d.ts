import { Command } from 'commander';
export declare function accountsCommand(): Command;
