import { Command } from 'commander';
export declare function statusCommand(): Command;
