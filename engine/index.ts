/** The door of the engine: texts in, findings out. */
export * from "./analyser";
export type { TextCheck } from "./kinds/text/check";
export type { Format, TextFile, TextValue } from "./kinds/text/file";
export { isKeyStoreName, isTextName } from "./kinds/text/names";
export * from "./config";
export * from "./finding";
export * from "./fix";
export * from "./rule";
export type { Project } from "./project";
export { frameRules, suppressionText, type FrameRule } from "./suppress";
export { createShellParser, type ShellParser } from "./languages/shell/syntax";
export {
  codeGrammars,
  createCodeParsers,
  grammarFiles,
  noCodeParsers,
  type CodeGrammar,
  type CodeParsers,
} from "./languages/tree/parser";
export type { CodeCheck } from "./kinds/code/check";
export {
  type Amount as CodeAmount,
  type Argument as CodeArgument,
  type Assignment as CodeAssignment,
  type Call as CodeCall,
  type Choice as CodeChoice,
  type ClassFact as CodeClass,
  type CodeFacts,
  type CodeLanguage,
  codeLanguages,
  type Decorator as CodeDecorator,
  type Entry as CodeEntry,
  type Flag as CodeFlag,
  type FunctionFact as CodeFunction,
  type Hole as CodeHole,
  type Import as CodeImport,
  type Lambda as CodeLambda,
  type List as CodeList,
  type Literal as CodeLiteral,
  type Lookup as CodeLookup,
  type Name as CodeName,
  type Options as CodeOptions,
  type Origin as CodeOrigin,
  type Scope as CodeScope,
  type Text as CodeText,
  type Value as CodeValue,
  type Variable as CodeVariable,
} from "./kinds/code/facts";
export type { CodeFile } from "./kinds/code/file";
export { codeGrammarOf, codeLanguageOf } from "./kinds/code/paths";
export type { CodeSummary } from "./kinds/code/summarise";
export type { Explanation, Languages } from "./kinds/kind";
export { Command, ShellWord, Script, isShell, type Assignment, type Redirect } from "./languages/shell/script";
export { readOptions, type Option, type Options, type OptionSyntax } from "./languages/shell/options";
export * from "./kinds/dockerfile/model";
export type { DockerfileCheck, RunningInstruction } from "./kinds/dockerfile/check";
export type { DockerfileSummary } from "./kinds/dockerfile/summarise";
export { predefinedArguments, type Expansion } from "./kinds/dockerfile/variables";
export { Dockerignore, Pattern } from "./kinds/dockerignore/model";
export { matches as ignoreGlobMatches } from "./kinds/dockerignore/match";
export type { DockerignoreCheck } from "./kinds/dockerignore/check";
export type { DockerignoreSummary } from "./kinds/dockerignore/summarise";
export type { ComposeCheck } from "./kinds/compose/check";
export type { BuiltService, Said } from "./kinds/compose/built";
export { ComposeProject, Resource, type ResourceKind } from "./kinds/compose/project";
export { isDevelopmentFile, type Hook, Service, type LimitName, type Use } from "./kinds/compose/service";
export { Part, Setting, type Into, type Route } from "./kinds/compose/part";
export { PublishedPort, type PortRange } from "./kinds/compose/port";
export { Device, Mount as ServiceMount, type MountType } from "./kinds/compose/mount";
export { Program } from "./kinds/compose/program";
export { ServiceImage } from "./kinds/compose/image";
export { ServiceVariable } from "./kinds/compose/variable";
export { Build } from "./kinds/compose/build";
export { readBytes, readDuration, readSwitch, isAddress } from "./kinds/compose/quantities";
export { hole, type Datum } from "./kinds/compose/datum";
export type { HelmCheck } from "./kinds/helm/check";
export { Chart, ChartTemplate, Dependency, Values, type ValuesRole, ValueSetting } from "./kinds/helm/model";
export type { HelmSummary } from "./kinds/helm/summarise";
export { isTemplate, maskTemplate, type TemplateAction } from "./kinds/kubernetes/template";
export type { KubernetesCheck } from "./kinds/kubernetes/check";
export { Field } from "./kinds/kubernetes/field";
export { Manifest, type Role } from "./kinds/kubernetes/manifest";
export { Container, type ContainerRole, type Inherited, Pod } from "./kinds/kubernetes/pod";
export {
  type Control,
  levelOfControl,
  newestPolicy,
  type PodSecurityLevel,
  policyVersion,
  type Violation,
  violations,
} from "./kinds/kubernetes/podSecurity";
export { configuredPolicy, hasLaterAllowance, pinnedPolicy } from "./kinds/kubernetes/admission";
export { ManifestFile } from "./kinds/kubernetes/model";
export type * from "./kinds/kubernetes/summary";
export type { UnitObject, UnitPod } from "./kinds/kubernetes/objectIndex";
export {
  type Answer,
  type Labels,
  type Selector,
  selects,
  titleOfSelector,
  type Told,
} from "./kinds/kubernetes/selector";
export type { DeploymentUnit, Granted, Join } from "./kinds/kubernetes/unit";
export { isWorkload } from "./kinds/kubernetes/summarise";
export type { KustomizeCheck } from "./kinds/kustomize/check";
export {
  type Changes,
  type Leaf,
  type PatchContent,
  type Written,
  writtenByOperations,
  writtenIn,
} from "./kinds/kustomize/changes";
export { Kustomization, type Generator, type Source } from "./kinds/kustomize/kustomization";
export type { Kustomized, ObjectIdentity } from "./kinds/kustomize/kustomizations";
export { type ItemStep, type ObjectPath, pathIn } from "./kinds/kustomize/objectPath";
export { InlinePatch, Patch } from "./kinds/kustomize/patch";
export { isRemote } from "./kinds/kustomize/summarise";
export type { ImageChange, KustomizeSummary } from "./kinds/kustomize/summary";
export { parseSyntax as parseDockerfile } from "./languages/dockerfile/syntax";
export { yamlCursor, type YamlCursor } from "./languages/yaml/cursor";
export { mayBeCompose } from "./kinds/compose/recognise";
export { loadProject, type ComposeFiles, type Loaded as LoadedCompose } from "./kinds/compose/load";
export { linesOf, commentsOf } from "./languages/yaml/comments";
export { parseYaml, type YamlDocument } from "./languages/yaml/document";
export { commented, insert, inTurn, raw, set, type YamlData } from "./languages/yaml/edit";
export type { YamlEntry, YamlNode } from "./languages/yaml/node";
export type { YamlPath } from "./languages/yaml/node";
export { once, parseReference, type ImageReference } from "./oci/reference";
export { applyEdits, conflict, type Edit, meet } from "./text/edit";
export { LineTable, lineTerminator, type Position } from "./text/lines";
export { Located } from "./text/located";
export { basename, below, dirname, join } from "./text/path";
export { withoutTrailing } from "./text/trim";
export { contains, cover, known, overlaps, span, unknown, type Span, type Value } from "./text/span";
