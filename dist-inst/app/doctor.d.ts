import type { DoctorFinding } from '../contracts/api.ts';
import type { App } from './open.ts';
/** Looks over this installation: each finding says what is so and, where something is wrong, what to do. */
export declare function doctor(app: App): Promise<DoctorFinding[]>;
