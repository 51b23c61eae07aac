import type { Context, Report } from "../../rule";
import type { Chart, ChartTemplate, Values, ValueSetting } from "./model";

/** What a rule of charts may look at. Files that look like a chart's but have none around them are left alone. */
export interface HelmCheck {
  /** `Chart.yaml` or `requirements.yaml`. */
  chart?(chart: Chart, report: Report, context: Context): void;
  values?(values: Values, report: Report, context: Context): void;
  /** Every entry of every map of a file of values. */
  setting?(setting: ValueSetting, report: Report, context: Context): void;
  /** What Helm prints when the chart was installed. */
  notes?(notes: ChartTemplate, report: Report, context: Context): void;
  /** Definitions for other templates. */
  partials?(partials: ChartTemplate, report: Report, context: Context): void;
}
