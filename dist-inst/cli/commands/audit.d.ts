import { Command } from 'commander';
export declare function auditCommand(): Command;
