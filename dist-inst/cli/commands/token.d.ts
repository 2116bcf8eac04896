import { Command } from 'commander';
export declare function tokenCommand(): Command;
