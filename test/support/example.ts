export * from "../../scripts/example";
