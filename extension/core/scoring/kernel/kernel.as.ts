export { fusedMaxima, fusedScratch } from './fused-maxima.as';
export { degreeMaxima, degreeScratch } from './degree-maxima.as';
export { keptMeans, keptScratch, keptSmallest } from './kept-ranks.as';
export { windowSquares } from './window-lengths.as';
export { layerNorm } from './layer-norm.as';
export { patchProducts } from './patch-products.as';
