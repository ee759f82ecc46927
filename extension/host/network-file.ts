/** Whether a backbone is named as a file rather than by an id of the registry. */
export const isNetworkFile = (backbone: string): boolean => /[\\/]|\.(onnx|safetensors)$/i.test(backbone);
