import { Command } from 'commander';
export declare function keysCommand(): Command;
