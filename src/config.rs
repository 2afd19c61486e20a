//! The configuration: one TOML file. Unknown keys are refused with their line.
