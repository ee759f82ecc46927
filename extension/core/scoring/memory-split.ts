/** How a run's memory budget is divided between the features of all taps and the scoring of one (distances, workers' blocks). */
export function splitMemory(memoryBytes: number): { readonly features: number; readonly scoring: number } {
  return { features: memoryBytes / 2, scoring: memoryBytes / 2 };
}
