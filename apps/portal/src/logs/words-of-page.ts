/** What the log keeps, said on its pages. */
export const LOG_KEEPS =
  'Every refused call and a sample of the others, for 30 days at most. When very many calls are refused at once, some are left out.';
