//! What a run leaves: tables, charts, the page, records; staged, moved into place and sealed.

pub mod audit;
pub mod chart;
pub mod compare;
pub mod findings;
pub mod following;
pub mod lang;
pub mod manifest;
pub mod number;
pub mod past_chart;
pub mod past_folder;
pub mod pdf;
pub mod picture_marks;
pub mod presentation;
pub mod records;
pub mod report;
pub mod results;
pub mod sensitivity;
pub mod shards;
pub mod staging;
pub mod sweep;
pub mod tables;
