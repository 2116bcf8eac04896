import { Command } from 'commander';
export declare function deskCommand(): Command;
