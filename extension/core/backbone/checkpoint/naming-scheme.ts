/** Names of one linear layer or norm, without `.weight` / `.bias` unless the scheme spells them otherwise. */
export interface LayerName {
  readonly weight: string;
  readonly bias: string;
}

/** Names inside one block, relative to the block's prefix. Several qkv names are stacked in the order query, key, value. */
export interface BlockNames {
  readonly norm1: LayerName;
  readonly qkv: readonly LayerName[];
  readonly attentionOut: LayerName;
  readonly scale1: string | null;
  readonly norm2: LayerName;
  readonly mlpIn: LayerName;
  readonly mlpOut: LayerName;
  readonly scale2: string | null;
}

/** How one library names and lays out a ViT's tensors: data only. All names are relative to a prefix found in the file. */
export interface NamingScheme {
  readonly id: 'timm' | 'hf_clip' | 'hf_dinov2' | 'hf_vit' | 'hf_dinov3' | 'open_clip';
  /** Which files it fits: a tensor that only this scheme has, and one it must not have. */
  readonly signature: string;
  readonly alsoNeeds: string;
  /** A tensor that shows that it is a variant we don't know. */
  readonly lacks: string | null;
  readonly patch: LayerName;
  readonly classToken: string;
  /** Null: positions are rotary, computed and not stored (DINOv3). */
  readonly positions: string | null;
  /** Names under which register tokens appear, if any. */
  readonly registers: readonly string[];
  readonly preNorm: LayerName | null;
  readonly finalNorm: LayerName;
  readonly projection: { readonly name: string; readonly bias: string | null; readonly transposed: boolean } | null;
  /** Blocks are named `${blocks}.${index}.`. */
  readonly blocks: string;
  readonly block: BlockNames;
}

const layer = (name: string): LayerName => ({ weight: `${name}.weight`, bias: `${name}.bias` });

const timm: NamingScheme = {
  id: 'timm',
  signature: 'patch_embed.proj.weight',
  alsoNeeds: 'blocks.0.attn.qkv.weight',
  lacks: 'blocks.0.mlp.fc1_g.weight',
  patch: layer('patch_embed.proj'),
  classToken: 'cls_token',
  positions: 'pos_embed',
  registers: ['reg_token', 'register_tokens'],
  preNorm: layer('norm_pre'),
  finalNorm: layer('norm'),
  projection: { name: 'head.weight', bias: 'head.bias', transposed: false },
  blocks: 'blocks',
  block: {
    norm1: layer('norm1'),
    qkv: [layer('attn.qkv')],
    attentionOut: layer('attn.proj'),
    scale1: 'ls1.gamma',
    norm2: layer('norm2'),
    mlpIn: layer('mlp.fc1'),
    mlpOut: layer('mlp.fc2'),
    scale2: 'ls2.gamma',
  },
};

const openClip: NamingScheme = {
  id: 'open_clip',
  signature: 'conv1.weight',
  alsoNeeds: 'transformer.resblocks.0.attn.in_proj_weight',
  lacks: null,
  patch: layer('conv1'),
  classToken: 'class_embedding',
  positions: 'positional_embedding',
  registers: [],
  preNorm: layer('ln_pre'),
  finalNorm: layer('ln_post'),
  projection: { name: 'proj', bias: null, transposed: true },
  blocks: 'transformer.resblocks',
  block: {
    norm1: layer('ln_1'),
    qkv: [{ weight: 'attn.in_proj_weight', bias: 'attn.in_proj_bias' }],
    attentionOut: layer('attn.out_proj'),
    scale1: 'ls_1.gamma',
    norm2: layer('ln_2'),
    mlpIn: layer('mlp.c_fc'),
    mlpOut: layer('mlp.c_proj'),
    scale2: 'ls_2.gamma',
  },
};

const hfClip: NamingScheme = {
  id: 'hf_clip',
  signature: 'vision_model.embeddings.patch_embedding.weight',
  alsoNeeds: 'vision_model.encoder.layers.0.self_attn.q_proj.weight',
  lacks: null,
  patch: layer('vision_model.embeddings.patch_embedding'),
  classToken: 'vision_model.embeddings.class_embedding',
  positions: 'vision_model.embeddings.position_embedding.weight',
  registers: [],
  preNorm: layer('vision_model.pre_layrnorm'), // spelled so in every published file
  finalNorm: layer('vision_model.post_layernorm'),
  projection: { name: 'visual_projection.weight', bias: null, transposed: false },
  blocks: 'vision_model.encoder.layers',
  block: {
    norm1: layer('layer_norm1'),
    qkv: [layer('self_attn.q_proj'), layer('self_attn.k_proj'), layer('self_attn.v_proj')],
    attentionOut: layer('self_attn.out_proj'),
    scale1: null,
    norm2: layer('layer_norm2'),
    mlpIn: layer('mlp.fc1'),
    mlpOut: layer('mlp.fc2'),
    scale2: null,
  },
};

const hfAttention = ['query', 'key', 'value'].map((role) => layer(`attention.attention.${role}`));
const hfVit: NamingScheme = {
  id: 'hf_vit',
  signature: 'embeddings.patch_embeddings.projection.weight',
  alsoNeeds: 'encoder.layer.0.layernorm_before.weight',
  lacks: null,
  patch: layer('embeddings.patch_embeddings.projection'),
  classToken: 'embeddings.cls_token',
  positions: 'embeddings.position_embeddings',
  registers: [],
  preNorm: null,
  finalNorm: layer('layernorm'),
  projection: null,
  blocks: 'encoder.layer',
  block: {
    norm1: layer('layernorm_before'),
    qkv: hfAttention,
    attentionOut: layer('attention.output.dense'),
    scale1: null,
    norm2: layer('layernorm_after'),
    mlpIn: layer('intermediate.dense'),
    mlpOut: layer('output.dense'),
    scale2: null,
  },
};

const hfDinov2: NamingScheme = {
  ...hfVit,
  id: 'hf_dinov2',
  alsoNeeds: 'encoder.layer.0.norm1.weight',
  registers: ['embeddings.register_tokens'],
  block: {
    norm1: layer('norm1'),
    qkv: hfAttention,
    attentionOut: layer('attention.output.dense'),
    scale1: 'layer_scale1.lambda1',
    norm2: layer('norm2'),
    mlpIn: layer('mlp.fc1'),
    mlpOut: layer('mlp.fc2'),
    scale2: 'layer_scale2.lambda1',
  },
};

/** DINOv3 is of another class in timm, which names LayerScale after the block and keeps no position table. */
const timmDinov3: NamingScheme = {
  ...timm,
  alsoNeeds: 'blocks.0.gamma_1',
  lacks: 'pos_embed',
  positions: null,
  preNorm: null,
  projection: null,
  block: { ...timm.block, scale1: 'gamma_1', scale2: 'gamma_2' },
};

const hfDinov3: NamingScheme = {
  id: 'hf_dinov3',
  signature: 'embeddings.patch_embeddings.weight',
  alsoNeeds: 'layer.0.attention.q_proj.weight',
  lacks: 'layer.0.mlp.gate_proj.weight',
  patch: layer('embeddings.patch_embeddings'),
  classToken: 'embeddings.cls_token',
  positions: null,
  registers: ['embeddings.register_tokens'],
  preNorm: null,
  finalNorm: layer('norm'),
  projection: null,
  blocks: 'layer',
  block: {
    norm1: layer('norm1'),
    qkv: [layer('attention.q_proj'), layer('attention.k_proj'), layer('attention.v_proj')],
    attentionOut: layer('attention.o_proj'),
    scale1: 'layer_scale1.lambda1',
    norm2: layer('norm2'),
    mlpIn: layer('mlp.up_proj'),
    mlpOut: layer('mlp.down_proj'),
    scale2: 'layer_scale2.lambda1',
  },
};

/** Every scheme we read, the most telling signature first. */
export const NAMING_SCHEMES: readonly NamingScheme[] = [hfClip, hfDinov2, hfVit, hfDinov3, timmDinov3, timm, openClip];
