//! Nothing: what outflow is measured against is in `benches/`.
