import { Command } from 'commander';
export declare function renewCommand(): Command;
