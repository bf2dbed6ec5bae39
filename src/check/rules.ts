import type { Rule } from './rule.ts';
import { addRemote } from './rules/add-remote.ts';
import { byteOrderMark } from './rules/byte-order-mark.ts';
import { cmdMissing } from './rules/cmd-missing.ts';
import { cmdNotCopied } from './rules/cmd-not-copied.ts';
import { cmdOneWord } from './rules/cmd-one-word.ts';
import { cmdRelative } from './rules/cmd-relative.ts';
import { cmdScript } from './rules/cmd-script.ts';
import { configInvalid } from './rules/config-invalid.ts';
import { copyFromRelative } from './rules/copy-from-relative.ts';
import { copyPathForm } from './rules/copy-path-form.ts';
import { copySourceMissing } from './rules/copy-source-missing.ts';
import { copyTwice } from './rules/copy-twice.ts';
import { devLink } from './rules/dev-link.ts';
import { dockerfileInvalid } from './rules/dockerfile-invalid.ts';
import { dockerignoreInvalid } from './rules/dockerignore-invalid.ts';
import { dockerignoreLine } from './rules/dockerignore-line.ts';
import { finalNewline } from './rules/final-newline.ts';
import { fromAsCase } from './rules/from-as-case.ts';
import { fromUnpinned } from './rules/from-unpinned.ts';
import { gitignoreLine } from './rules/gitignore-line.ts';
import { instructionIgnored } from './rules/instruction-ignored.ts';
import { kconfigGone } from './rules/kconfig-gone.ts';
import { kconfigRenamed } from './rules/kconfig-renamed.ts';
import { kraftfileAbsent } from './rules/kraftfile-absent.ts';
import { kraftfileAmbiguous } from './rules/kraftfile-ambiguous.ts';
import { kraftfileAmbiguousValue } from './rules/kraftfile-ambiguous-value.ts';
import { kraftfileBlankLine } from './rules/kraftfile-blank-line.ts';
import { kraftfileCmdText } from './rules/kraftfile-cmd-text.ts';
import { kraftfileInvalid } from './rules/kraftfile-invalid.ts';
import { kraftfileKeyOrder } from './rules/kraftfile-key-order.ts';
import { kraftfileOldForm } from './rules/kraftfile-old-form.ts';
import { kraftfileRepeatedKey } from './rules/kraftfile-repeated-key.ts';
import { kraftfileReplacedKey } from './rules/kraftfile-replaced-key.ts';
import { kraftfileTab } from './rules/kraftfile-tab.ts';
import { kraftfileUnknownKey } from './rules/kraftfile-unknown-key.ts';
import { kraftfileUnsetVariable } from './rules/kraftfile-unset-variable.ts';
import { lineEnd } from './rules/line-end.ts';
import { linkDead } from './rules/link-dead.ts';
import { lockMissing } from './rules/lock-missing.ts';
import { nameMismatch } from './rules/name-mismatch.ts';
import { notText } from './rules/not-text.ts';
import { objectFile } from './rules/object-file.ts';
import { platformFixed } from './rules/platform-fixed.ts';
import { readmeHeadingMissing } from './rules/readme-heading-missing.ts';
import { readmeHeadingOrder } from './rules/readme-heading-order.ts';
import { readmeImage } from './rules/readme-image.ts';
import { readmeKraftfile } from './rules/readme-kraftfile.ts';
import { readmeMemory } from './rules/readme-memory.ts';
import { readmeMissing } from './rules/readme-missing.ts';
import { readmePort } from './rules/readme-port.ts';
import { readmePortsDiffer } from './rules/readme-ports-differ.ts';
import { readmeRunMissing } from './rules/readme-run-missing.ts';
import { readmeTitle } from './rules/readme-title.ts';
import { readmeVolumeFlag } from './rules/readme-volume-flag.ts';
import { rootfsMissing } from './rules/rootfs-missing.ts';
import { rootfsUndetected } from './rules/rootfs-undetected.ts';
import { rootfsUnnamed } from './rules/rootfs-unnamed.ts';
import { rowDuplicate } from './rules/row-duplicate.ts';
import { rowMissing } from './rules/row-missing.ts';
import { rowOrder } from './rules/row-order.ts';
import { rowWrong } from './rules/row-wrong.ts';
import { runtimeImage } from './rules/runtime-image.ts';
import { runtimeUnknown } from './rules/runtime-unknown.ts';
import { runtimeVersion } from './rules/runtime-version.ts';
import { stageUnknown } from './rules/stage-unknown.ts';
import { stageUnused } from './rules/stage-unused.ts';
import { syntaxLine } from './rules/syntax-line.ts';
import { trailingSpace } from './rules/trailing-space.ts';
import { versionMismatch } from './rules/version-mismatch.ts';
import { workflowDirectory } from './rules/workflow-directory.ts';
import { workflowImage } from './rules/workflow-image.ts';
import { workflowInvalid } from './rules/workflow-invalid.ts';
import { workflowMissing } from './rules/workflow-missing.ts';
import { workflowName } from './rules/workflow-name.ts';
import { workflowOrphan } from './rules/workflow-orphan.ts';
import { workflowPaths } from './rules/workflow-paths.ts';

/** Every rule, in the order of docs/checks.md. */
export const RULES: readonly Rule[] = [
  kraftfileAmbiguousValue,
  kraftfileAbsent,
  kraftfileAmbiguous,
  kraftfileBlankLine,
  kraftfileCmdText,
  kraftfileInvalid,
  kraftfileKeyOrder,
  kraftfileOldForm,
  kraftfileRepeatedKey,
  kraftfileReplacedKey,
  kraftfileTab,
  kraftfileUnknownKey,
  kraftfileUnsetVariable,
  kconfigGone,
  kconfigRenamed,
  cmdMissing,
  cmdNotCopied,
  cmdOneWord,
  cmdRelative,
  cmdScript,
  nameMismatch,
  rootfsMissing,
  rootfsUndetected,
  rootfsUnnamed,
  runtimeImage,
  runtimeUnknown,
  runtimeVersion,
  configInvalid,
  dockerfileInvalid,
  dockerignoreInvalid,
  stageUnknown,
  stageUnused,
  fromAsCase,
  fromUnpinned,
  versionMismatch,
  platformFixed,
  addRemote,
  copyFromRelative,
  copyPathForm,
  copySourceMissing,
  copyTwice,
  lockMissing,
  instructionIgnored,
  devLink,
  syntaxLine,
  readmeHeadingMissing,
  readmeHeadingOrder,
  readmeImage,
  readmeKraftfile,
  readmeMemory,
  readmeMissing,
  readmePort,
  readmePortsDiffer,
  readmeRunMissing,
  readmeTitle,
  readmeVolumeFlag,
  workflowDirectory,
  workflowImage,
  workflowInvalid,
  workflowMissing,
  workflowName,
  workflowOrphan,
  workflowPaths,
  rowDuplicate,
  rowMissing,
  rowOrder,
  rowWrong,
  linkDead,
  gitignoreLine,
  dockerignoreLine,
  objectFile,
  notText,
  byteOrderMark,
  lineEnd,
  finalNewline,
  trailingSpace,
];
