import { Command } from 'commander';
export declare function loginCommand(): Command;
