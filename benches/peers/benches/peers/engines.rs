//! Cedar and Rego, which decide about one flow at a time: may this category, about this person, out of this event, go to
//! this purpose?
//!
//! They are asked only about flows that exist, of a sample of the events, and what is asked is put in their form before
//! the clock starts. Both run what `outflow policy show --format` writes.

use std::collections::HashSet;

use cedar_policy::{Authorizer, Decision, Entities, Request};
use outflow::policy::export::{PolicyLanguage, export};
use outflow::policy::{Role, flows};
use outflow::population::PersonClass;
use outflow::scenario::{Choice, Kind};
use outflow::simulate::Threads;
use regorus::languages::rego::compiler::Compiler;
use regorus::rvm::RegoVM;
use regorus::{Engine, Value};

use crate::data::{Answer, Data, Figures, Given};
use crate::naive;
use crate::rounds::Contestant;
use outflow_engines::ask::{Person, Question};
use outflow_engines::cedar::Cedar;
use outflow_engines::rego::Rego;

/// A question about an event of the sample.
struct Asked {
    event: usize,
    person: u32,
    question: Question,
}

/// The sample, and all questions that it takes to filter it under one policy.
struct Sample {
    given: Given,
    asked: Vec<Asked>,
}

impl Sample {
    fn new(data: &Data, events: usize) -> Self {
        let (scenario, given) = (&data.scenario, data.given.sample(events));
        let mut asked = Vec::new();
        for event in 0..given.kind.len() {
            let (kind, actor) = (given.kind[event], given.actor[event]);
            for (role, person) in [(Role::Actor, actor), (Role::Counterparty, given.target[event])] {
                for purpose in 0..scenario.purposes.len() {
                    let existing = flows(scenario, purpose, usize::from(kind), role == Role::Actor);
                    for category in (0..scenario.categories.len()).filter(|c| existing >> c & 1 == 1) {
                        let who = |person: u32| {
                            let class = given.class[person as usize];
                            ask_of(&data.run.compiled.classes[usize::from(class)], purpose)
                        };
                        let (subject, actor) = (who(person), who(actor));
                        let (kind, date) = (Kind::ALL[usize::from(kind)], scenario.start);
                        let question = Question { purpose, category, kind, role, date, subject, actor };
                        asked.push(Asked { event, person, question });
                    }
                }
            }
        }
        Sample { given, asked }
    }

    /// Figures from decisions, given policy by policy in the order of the questions.
    fn figures(&self, data: &Data, allowed: &[bool]) -> Answer {
        let purposes = data.scenario.purposes.len();
        let mut figures = vec![Figures::default(); data.masks.cells];
        let (mut events, mut people) = (HashSet::new(), HashSet::new());
        for (policy, allowed) in allowed.chunks(self.asked.len()).enumerate() {
            for (asked, _) in self.asked.iter().zip(allowed).filter(|(_, allowed)| **allowed) {
                let cell = policy * purposes + asked.question.purpose;
                let figures = &mut figures[cell];
                figures.values += 1;
                figures.bytes += u64::from(data.scenario.categories[asked.question.category].bytes);
                figures.events += u64::from(events.insert((cell, asked.event)));
                figures.people += u64::from(people.insert((cell, asked.person)));
            }
        }
        figures
    }

    /// Somebody who decides about the sample. `decide` gives decisions policy by policy.
    fn contestant<'a>(&self, name: &str, data: &'a Data, mut decide: impl FnMut() -> Vec<bool> + 'a) -> Contestant<'a> {
        let allowed = decide();
        assert_eq!(
            self.figures(data, &allowed),
            naive::answer_of(&self.given, &data.masks, &Threads::start(1)),
            "{name}"
        );
        let (events, decisions) = (self.given.kind.len(), allowed.len());
        let name = format!("{name} ({events} events, {decisions} decisions)");
        Contestant::new(name, 1, events as u64, move || {
            std::hint::black_box(decide());
        })
    }
}

/// What a policy may know of people of a class, about a purpose.
fn ask_of(class: &PersonClass, purpose: usize) -> Person {
    let chosen = |mask: u32| mask >> purpose & 1 == 1;
    let choice = match (chosen(class.objects), chosen(class.agrees)) {
        _ if !class.has_account() => None,
        (true, _) => Some(Choice::Objects),
        (_, true) => Some(Choice::Agrees),
        _ => None,
    };
    Person {
        jurisdiction: class.jurisdiction,
        user: class.has_account(),
        parent_account: class.parent_account,
        minor: class.minor,
        choice,
    }
}

/// Cedar, without a schema at hand: checking requests against it would cost more.
pub fn cedar(data: &Data, events: usize) -> Contestant<'_> {
    let sample = Sample::new(data, events);
    let policies: Vec<Cedar> = (0..data.scenario.policies.len()).map(|p| Cedar::new(&data.scenario, p)).collect();
    let request = |a: &Asked| {
        let attributes = policies[0].attributes(&a.question);
        policies[0].request(a.question.purpose, attributes, None).expect("a request")
    };
    let requests: Vec<Request> = sample.asked.iter().map(request).collect();
    let (authorizer, entities) = (Authorizer::new(), Entities::empty());
    sample.contestant("Cedar 4.14", data, move || {
        let mut allowed = Vec::with_capacity(policies.len() * requests.len());
        for cedar in &policies {
            let decide = |r| authorizer.is_authorized(r, &cedar.set, &entities).decision() == Decision::Allow;
            allowed.extend(requests.iter().map(decide));
        }
        allowed
    })
}

/// The rule of the export that says only whether.
fn allow(data: &Data, policy: usize) -> String {
    format!("data.outflow[\"{}\"][\"{}\"].allow", data.scenario.name, data.scenario.policies[policy].id)
}

/// Regorus: the engine of its own with the module of a policy.
fn engine(data: &Data, policy: usize) -> Engine {
    let mut engine = Engine::new();
    let text = export(&data.scenario, policy, PolicyLanguage::Rego);
    engine.add_policy("policy.rego".into(), text).expect("a module");
    engine
}

fn inputs(data: &Data, sample: &Sample) -> Vec<Value> {
    let rego = Rego::new(&data.scenario, 0);
    sample.asked.iter().map(|a| rego.input(&a.question)).collect()
}

/// Regorus as its interface suggests it: an engine that interprets.
pub fn rego(data: &Data, events: usize) -> Contestant<'_> {
    let sample = Sample::new(data, events);
    let inputs = inputs(data, &sample);
    let policies = 0..data.scenario.policies.len();
    let mut engines: Vec<(Engine, String)> = policies.map(|p| (engine(data, p), allow(data, p))).collect();
    sample.contestant("regorus 0.14, interpreter", data, move || {
        let mut allowed = Vec::with_capacity(engines.len() * inputs.len());
        for (engine, rule) in &mut engines {
            for input in &inputs {
                engine.set_input(input.clone());
                allowed.push(engine.eval_rule(rule.clone()).expect("an answer") == Value::from(true));
            }
        }
        allowed
    })
}

/// Regorus, compiled for its virtual machine.
pub fn rego_vm(data: &Data, events: usize) -> Contestant<'_> {
    let sample = Sample::new(data, events);
    let inputs = inputs(data, &sample);
    let machine = |policy: usize| {
        let rule = allow(data, policy);
        let compiled = engine(data, policy).compile_with_entrypoint(&rule.as_str().into()).expect("a policy");
        let program = Compiler::compile_from_policy(&compiled, &[&rule]).expect("a program");
        let mut machine = RegoVM::new();
        machine.load_program(program);
        machine
    };
    let mut machines: Vec<RegoVM> = (0..data.scenario.policies.len()).map(machine).collect();
    sample.contestant("regorus 0.14, virtual machine", data, move || {
        let mut allowed = Vec::with_capacity(machines.len() * inputs.len());
        for machine in &mut machines {
            for input in &inputs {
                machine.set_input(input.clone());
                allowed.push(machine.execute().expect("an answer") == Value::from(true));
            }
        }
        allowed
    })
}
