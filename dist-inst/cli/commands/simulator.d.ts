import { Command } from 'commander';
export declare function simulatorCommand(): Command;
