// What administration needs to know of the configuration.

export interface Site {
  /** Where the panel is reached. */
  publicUrl: string;
  /** Signs the tokens that open statistics. */
  jwtSecret: string;
}
