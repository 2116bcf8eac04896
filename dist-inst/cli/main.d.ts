import { Command } from 'commander';
/**
 * The whole command line. Every command's parser, for running it and for the docs.
 *
 * @param said takes what commander would have written to stderr
 */
export declare function buildProgram(said?: string[]): Command;
/** Runs one command and tells what goes wrong. @returns the exit code */
export declare function runCommand(args: readonly string[]): Promise<number>;
/** Runs one command. @returns the exit code @throws BhorError */
export declare function main(args: readonly string[]): Promise<number>;
