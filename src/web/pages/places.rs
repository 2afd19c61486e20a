//! `GET /places`: every place of the hospital, as a tree.

use std::collections::HashMap;

use askama::Template;
use axum::response::Response;

use super::Shell;
use super::order::by_code;
use crate::domain::PlaceId;
use crate::domain::directory::{Directory, MAX_TREE_DEPTH};
use crate::domain::place::{Place, PlaceKind};
use crate::web::auth::Viewer;
use crate::web::error::render;
use crate::web::figures::number;
use crate::web::urls;

/// Places that one page shows, containers with them: a large hospital with all its shelves, 28 kB of the 60 that a page
/// may weigh. Those beyond are on the pages of their parents.
const MAX_SHOWN: usize = 5_000;

/// The page.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "places.html")]
pub struct PlacesPage {
    shell: Shell,
    nodes: Vec<Node>,
    /// Branches that are still open after the last node.
    closes: usize,
    containers: Vec<Node>,
    /// Said where not all are shown.
    cut: Vec<String>,
}

/// One place, in the order of the tree.
struct Node {
    /// How many branches end before it.
    closes: usize,
    /// What is beneath it; empty: nothing.
    beneath: String,
    /// Whether its branch is open from the beginning.
    open: bool,
    url: String,
    name: String,
    kind: &'static str,
}

/// All places.
pub async fn get(viewer: Viewer) -> Response {
    render(&places_page(Shell::new(&viewer, "All places"), &viewer.directory()))
}

/// The page from what is known.
pub fn places_page(shell: Shell, directory: &Directory) -> PlacesPage {
    let (containers, fixed): (Vec<_>, Vec<_>) =
        directory.places().partition(|place| place.kind == PlaceKind::Container);
    let mut tree = Tree::of(directory, &fixed);
    tree.branch(None, 0);
    let room = MAX_SHOWN - tree.nodes.len();
    let cut = (tree.nodes.len() == MAX_SHOWN || containers.len() > room).then(|| {
        format!(
            "The first {} places. The others are on the pages of the places they are part of, and are found by name.",
            number(MAX_SHOWN)
        )
    });
    PlacesPage {
        shell,
        closes: tree.depth,
        nodes: tree.nodes,
        containers: sorted(containers).into_iter().take(room).map(|place| node(place, 0)).collect(),
        cut: cut.into_iter().collect(),
    }
}

/// The tree while it is written down.
struct Tree<'a> {
    beneath: HashMap<Option<PlaceId>, Vec<&'a Place>>,
    nodes: Vec<Node>,
    /// Branches open at the last node.
    depth: usize,
}

impl<'a> Tree<'a> {
    fn of(directory: &Directory, places: &[&'a Place]) -> Self {
        let mut beneath: HashMap<_, Vec<&Place>> = HashMap::new();
        for place in places {
            // A parent that is a container, or unknown, holds no branch of the tree.
            let parent = place.parent.and_then(|id| directory.place(id));
            let parent = parent.filter(|parent| parent.kind != PlaceKind::Container).map(|parent| parent.id);
            beneath.entry(parent).or_default().push(place);
        }
        let beneath = beneath.into_iter().map(|(parent, places)| (parent, sorted(places))).collect();
        Self { beneath, nodes: Vec::new(), depth: 0 }
    }

    /// Writes the places beneath `above`, which stand at `depth`.
    fn branch(&mut self, above: Option<PlaceId>, depth: usize) {
        for place in self.beneath.remove(&above).unwrap_or_default() {
            if self.nodes.len() >= MAX_SHOWN || depth >= MAX_TREE_DEPTH {
                return;
            }
            let closes = self.depth - depth;
            self.depth = depth;
            let children = self.beneath.get(&Some(place.id)).map_or(0, Vec::len);
            let beneath = if children == 0 { String::new() } else { format!("{children} places") };
            self.nodes.push(Node { open: depth == 0, beneath, ..node(place, closes) });
            if children > 0 {
                self.depth = depth + 1;
                self.branch(Some(place.id), depth + 1);
            }
        }
    }
}

fn sorted(mut places: Vec<&Place>) -> Vec<&Place> {
    places.sort_by(|one, other| by_code(one, other));
    places
}

fn node(place: &Place, closes: usize) -> Node {
    Node {
        closes,
        beneath: String::new(),
        open: false,
        url: urls::place(place.code.as_str()),
        name: place.name.clone(),
        kind: place.kind.word(),
    }
}
