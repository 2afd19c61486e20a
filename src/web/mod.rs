//! Pages for people, JSON for machines. All routes stand in one list.
//!
//! A handler extracts, makes one call and renders. What it may reach, it reaches through an extractor of [`auth`].

pub mod acts;
pub mod api;
pub mod assets;
pub mod auth;
pub mod error;
pub mod escape;
pub mod figures;
pub mod listen;
pub mod live;
pub mod pages;
pub mod shelf_counts;
pub mod sign;
pub mod urls;
pub mod when;

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use axum::routing::{MethodRouter, get, post};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::set_header::SetResponseHeaderLayer;

pub use auth::{Exposure, Parts, Web};
pub use listen::Patient;

/// Most bytes of a request's body: a thousand barcodes of the longest kind, one a line. A scan is 256 at most.
pub const MAX_BODY: usize = 64 * 1_024;

/// What every answer allows a browser to load: our own files, and nothing inline.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
     img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; \
     frame-ancestors 'none'";

/// The address of the search, whose questions name patients.
const SEARCH: &str = "/find";

/// One address and what answers there.
struct Route {
    path: &'static str,
    answers: MethodRouter<Web>,
}

fn at(path: &'static str, answers: MethodRouter<Web>) -> Route {
    Route { path, answers }
}

/// Every address of the service.
fn routes() -> Vec<Route> {
    vec![
        at("/", get(pages::front::get)),
        at(SEARCH, get(pages::find::get)),
        at("/help", get(pages::help::get)),
        at("/help/scanners", get(pages::scanners::get)),
        at("/help/scanners/{name}", get(pages::scanners::one::get)),
        at("/help/scanners/{name}/page.svg", get(pages::scanners::one::picture)),
        at("/desks/{code}", get(pages::desk::get).post(pages::desk::post)),
        at("/desks/{code}/card", get(pages::card::get)),
        at("/desks/{code}/cards", get(pages::labels::desk)),
        at("/labels", get(pages::labels::get).post(pages::labels::post)),
        at("/labels/preview.svg", get(pages::labels::preview)),
        at("/labels/print", post(pages::labels::print)),
        at("/labels/queue", get(pages::labels::queue::get).post(pages::labels::queue::post)),
        at("/labels/queue/print", post(pages::labels::by_hand::post)),
        at("/make", get(pages::make::get).post(pages::make::post)),
        at("/volumes/{barcode}", get(pages::volume::get)),
        at("/volumes/{barcode}/not-there", post(pages::searches::not_there::post)),
        at("/volumes/{barcode}/label", get(pages::labels::volume)),
        at("/volumes/{barcode}/slip", get(pages::slip::get)),
        at("/places", get(pages::places::get)),
        at("/places/{code}", get(pages::place::get)),
        at("/places/{code}/label", get(pages::labels::place)),
        at("/missing", get(pages::missing::get)),
        at("/searches", get(pages::searches::get)),
        at("/searches/{id}", get(pages::searches::one::get).post(pages::searches::one::post)),
        at("/wanted", get(pages::wanted::get)),
        at("/chase", get(pages::chase::get)),
        at("/sweeps", get(pages::sweeps::get)),
        at("/sweeps/{id}", get(pages::sweeps::one::get).post(pages::sweeps::one::post)),
        at("/questions", get(pages::questions::get)),
        at("/state", get(pages::state::get)),
        at("/questions/{name}", get(pages::questions::one::get).post(pages::questions::one::post)),
        at("/places/{code}/shelves", get(pages::shelves::get)),
        at("/static/{folder}/{name}", get(assets::get)),
        at("/api/v1/volumes/{barcode}", get(api::volumes::get)),
        at("/api/v1/volumes/{barcode}/movements", get(api::movements::get)),
        at("/api/v1/volumes/{barcode}/search-plan", get(api::plans::get)),
        at("/api/v1/searches/{id}/looks", post(api::looks::post)),
        at("/api/v1/places/{code}/volumes", get(api::places::get)),
        at("/api/v1/search", get(api::search::get)),
        at("/api/v1/desks/{code}/scans", post(api::scans::post)),
        at("/api/v1/reports/missing", get(api::reports::missing)),
        at("/api/v1/scanners", get(api::scanners::get)),
        at("/api/v1/chase", get(api::chase::get)),
        at("/api/v1/live", get(api::live::get)),
        at("/api/v1/openapi.json", get(api::openapi::get)),
        at("/healthz", get(api::watch::health)),
        at("/readyz", get(api::watch::ready)),
        at("/metrics", get(api::watch::metrics)),
    ]
}

/// Everything that this service answers.
pub fn router(web: Web) -> Router {
    let all =
        routes().into_iter().fold(Router::new(), |router, route| router.route(route.path, route.answers));
    dressed(all.fallback(nowhere)).with_state(web)
}

async fn nowhere() -> error::Failure {
    error::Failure::NoSuchPage
}

/// What surrounds every route: from the outside inwards. Headers are outermost, so that failures carry them too.
///
/// All are one layer: the router boxes each layer's service anew for every request.
fn dressed<S: Clone + Send + Sync + 'static>(routes: Router<S>) -> Router<S> {
    routes.layer((
        SetResponseHeaderLayer::if_not_present(header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        always(HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        from_fn(referrer),
        always(header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        always(header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
        from_fn(error::dress),
        CatchPanicLayer::custom(error::after_panic),
        from_fn(auth::same_origin),
        RequestBodyLimitLayer::new(MAX_BODY),
    ))
}

/// What a search was for stays on its page. Every other page tells its address to our own pages alone, and not to
/// nobody: of a page that tells nobody, browsers send a form without its origin, and where the address is plain HTTP
/// nothing else says that the form is ours (see [`auth::same_origin`]).
async fn referrer(request: Request, next: Next) -> Response {
    let policy = if request.uri().path() == SEARCH { "no-referrer" } else { "same-origin" };
    let mut response = next.run(request).await;
    response.headers_mut().insert(header::REFERRER_POLICY, HeaderValue::from_static(policy));
    response
}

fn always(name: HeaderName, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::overriding(name, HeaderValue::from_static(value))
}

#[cfg(test)]
mod tests;
