//! The weights of a model (ONNX), and one run of them: pieces in, what each is judged to be out.

use rten::{Model, NodeId, RunOptions, ThreadPool, ValueOrView};
use rten_tensor::NdTensor;
use rten_tensor::prelude::*;
use std::sync::Arc;

/// A model's weights, ready to run.
#[derive(Debug)]
pub(super) struct Weights {
    model: Model,
    ids: NodeId,
    mask: Option<NodeId>,
    types: Option<NodeId>,
    logits: NodeId,
    threads: Arc<ThreadPool>,
}

impl Weights {
    /// Loads an ONNX file; else what is wrong with it.
    pub(super) fn load(file: Vec<u8>) -> Result<Weights, String> {
        let model = Model::load(file).map_err(|error| error.to_string())?;
        let node = |name: &str| {
            let mut inputs = model.input_ids().iter().copied();
            inputs.find(|id| model.node_info(*id).and_then(|node| node.name()) == Some(name))
        };
        let ids = node("input_ids").ok_or("it has no input `input_ids`")?;
        let logits = model
            .find_node("logits")
            .ok_or("it has no output `logits`")?;
        Ok(Weights {
            ids,
            mask: node("attention_mask"),
            types: node("token_type_ids"),
            logits,
            threads: Arc::new(ThreadPool::with_num_threads(threads())),
            model,
        })
    }

    /// What the model says of each piece: a score a label.
    pub(super) fn run(&self, ids: &[u32]) -> Result<Vec<Vec<f32>>, String> {
        let row = |values: Vec<i32>| ValueOrView::from(NdTensor::from_data([1, ids.len()], values));
        let own = ids.iter().map(|id| i32::try_from(*id).unwrap_or_default());
        let mut inputs = vec![(self.ids, row(own.collect()))];
        inputs.extend(self.mask.map(|node| (node, row(vec![1; ids.len()]))));
        inputs.extend(self.types.map(|node| (node, row(vec![0; ids.len()]))));
        let options = RunOptions::default().with_thread_pool(Some(self.threads.clone()));
        let [logits] = self
            .model
            .run_n(inputs, [self.logits], Some(options))
            .map_err(|error| error.to_string())?;
        let logits: NdTensor<f32, 3> = logits
            .try_into()
            .map_err(|_| "its output is no [batch, piece, label]")?;
        let [_, pieces, labels] = logits.shape();
        let scores = logits.to_vec();
        match pieces == ids.len() && labels > 0 {
            true => Ok(scores.chunks(labels).map(<[f32]>::to_vec).collect()),
            false => Err("it does not judge each piece".to_owned()),
        }
    }
}

fn threads() -> usize {
    std::thread::available_parallelism()
        .map_or(1, usize::from)
        .min(4)
}
