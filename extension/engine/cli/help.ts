/** What `musc --help` prints. */
export const HELP = `MuSc Inspector: finds defective pictures in a folder, without training, prompts or labels.

  musc score FOLDER      score the pictures of a folder against each other
  musc bench ROOT ..     all categories of MVTec AD, VisA or BTAD, beside the authors' figures;
                         --export FILE.csv|md|tex|xlsx|html, as often as you like;
                         --format csv|md|tex|xlsx|html where the name does not say it
  musc compare FOLDER --backbone a,b [--image-size s,t] [--degrees 1,3,5 --degrees 1] ..
                         every combination, best first where there is ground truth;
                         with --estimate what each would take
  musc models list | pull ID | import FILE --taps .. | verify
  musc export RUN --format csv|json|npy|coco|masks|overlays|heatmaps|labels|split|xlsx|html --out PATH
  musc sample FOLDER [--seed n]   make the sample data set
  musc --help | --version

Options of score, bench and compare (which takes each several times, those of one value also with commas)
  --out DIR              where runs go (default FOLDER/.musc/runs); bench: where its document goes (default
                         ROOT/.musc/bench), its runs into DIR/runs (default CATEGORY/.musc/runs)
  --name TEXT            score, compare: what the run is called
  --backbone ID|FILE     a registry id, an .onnx or .safetensors file (default musc-embedded)
  --taps a,b|auto        block indices or tensor names; auto: the last block of each quarter
  --embedding OUTPUT     tensor of the image feature, where the file's form does not tell
  --preprocess clip|imagenet
  --image-size S         side of the model input in pixels
  --fit squash|keep|auto squash to a square (the paper's way), or keep the aspect ratio; auto (default):
                         keep where pictures are far from square, squash in bench
  --degrees 1,3,5|auto   window sizes of LNAMD; auto: the backbone's own
  --keep 0,0.3           interval of ranks that mutual scoring averages
  --rscin 1,2,3|off|auto neighbourhoods of RsCIN; auto: what suits backbone and data set
  --subsets n|auto       score in n subsets: n times less work
  --seed n               of the subsets
  --device auto|cpu|webgpu|cuda|directml|coreml
  --protocol exact|reference   default exact; bench: reference
  --dataset auto|folder|mvtec|visa|btad
  --category NAME        one category of a data set (bench: all, or a,b)
  --masks DIR            same-named ground-truth masks of a plain folder
  --threads n            worker threads (default one per core)
  --memory GB            for features and distances; 0 (default): half the machine's memory;
                         smallest other value: 0.25
  --resume               go on with an interrupted run or benchmark
  --estimate             score, compare: only say what it would take on this machine
  --json                 print JSON instead of text
  -v, --verbose          more log, and the stack of an error

Options of export
  --threshold x|f1max|zeromissed|suggested   from where on masks and coco mark (default f1max, else suggested)
  --scale run|picture    overlays, heatmaps: one colour scale for all, or each picture's own
  --colormap turbo|viridis|jet|grey
  --blend fade|even      overlays: heat fades out where nothing is wrong, or covers all evenly
  --opacity 0.6          overlays: how much of the colour shows, 0 to 1
  --type jpg|png         overlays, heatmaps
  --size input|patch     npy: maps at the model input's size, or the patch scores
  --as csv|json|coco     labels: kind of file (default: by its name)
  --copy                 split: copies of the pictures instead of lists
  As the authors' tool draws them: --format heatmaps --colormap jet --type png, with --scale run or picture

Options of models
  --models DIR           where backbones lie (also of score, bench and compare)
  --mirror URL           pull: download from there
  --yes                  pull: don't ask
  --taps, --embedding, --preprocess, --image-size, --id   import: what the file does not say

Exit: 0 done, 1 failed, 2 wrong usage, 130 cancelled.
`;
