//! Before anyone asks, over a real store and real desks: wanted, chased, swept.

use crate::service;

use casetrack::clock::{Clock, DAY_US, MINUTE_US, Timestamp};
use casetrack::domain::barcode::Card;
use casetrack::domain::import::{AppointmentRow, Expected, Lists, Piece, RowResult, Told};
use casetrack::store::Trust;
use casetrack::web::Exposure;
use serde_json::json;
use service::{Service, code, volume};
use uuid::Uuid;

/// The patient of the three folders is expected at Clinic 5 in an hour.
async fn expected(service: &Service) -> (Timestamp, String) {
    let starts_at = Clock::system().now().plus_micros(60 * MINUTE_US);
    let day = jiff::tz::TimeZone::UTC.to_datetime(starts_at.to_jiff()).date();
    let volume = volume(1);
    let row = AppointmentRow {
        clinic: code("CL5"),
        day,
        starts_at,
        wanted_from: starts_at.plus_micros(-DAY_US),
        expected: Some(Expected {
            site: volume.site,
            hospital_number: volume.hospital_number,
            consultant: Some("Dr Rao".to_owned()),
        }),
    };
    let piece = Piece::Appointments(Lists { rows: vec![row], told: Told::Whole });
    assert_eq!(service.store.import(&Trust(code("RX1")), piece).await.unwrap(), [RowResult::Added]);
    (starts_at, day.to_string())
}

async fn scan(service: &Service, text: &str) -> (String, String) {
    let (status, said) = service.scan("LIB-1", json!({"id": Uuid::now_v7(), "code": text})).await;
    assert_eq!(status, 200, "{said}");
    (said["signal"].as_str().unwrap().to_owned(), said["title"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn a_folder_that_comes_in_is_wanted_and_the_page_keeps_the_list() {
    let service = Service::start(Exposure::Loopback).await;
    let empty = service.page("/wanted").await;
    assert!(empty.contains("No clinic list was imported yet"), "{empty}");
    let (_, day) = expected(&service).await;
    let folder = service.page("/volumes/F0001").await;
    let told = format!("<strong>Wanted:</strong> <a href=\"/wanted?clinic=CL5&#38;day={day}\">Clinic 5 ");
    assert!(folder.contains(&told) && !folder.contains("The newest clinic list is"), "{folder}");
    let (signal, title) = scan(&service, "F0001").await;
    assert_eq!(signal, "look");
    assert!(
        title.starts_with("WANTED Clinic 5 ") && title.contains("today") || title.contains("tomorrow"),
        "{title}"
    );
    let clinics = service.page("/wanted").await;
    assert!(clinics.contains("1 patient") && clinics.contains("?clinic=CL5&#38;day="), "{clinics}");
    let list = service.page(&format!("/wanted?clinic=CL5&day={day}")).await;
    for told in [
        "Put aside in the library <small>1</small>",
        "At the clinic, or on the way there <small>1</small>",
        "Dr Rao",
    ] {
        assert!(list.contains(told), "{told}: {list}");
    }
    assert!(!list.contains("<script>"), "{list}");
    for bad in ["/wanted?clinic=NONE&day=2026-11-23", "/wanted?clinic=CL5&day=soon"] {
        let answer = service.page(bad).await;
        assert!(answer.starts_with("HTTP/1.1 40"), "{bad}: {answer}");
    }
}

#[tokio::test]
async fn what_is_called_for_and_doubtful_is_chased_on_the_page_and_in_the_interface() {
    let service = Service::start(Exposure::Loopback).await;
    let none = service.page("/chase").await;
    assert!(none.contains("is where one would expect it"), "{none}");
    let (starts_at, _) = expected(&service).await;
    let page = service.page("/chase?list=coming").await;
    assert!(page.contains("nobody has ever scanned it") && page.contains("900001 volume 1"), "{page}");
    let (status, told) = service.json("chase?list=coming&limit=1").await;
    assert_eq!(status, 200);
    let item = &told["items"][0];
    assert_eq!(item["text"], "nobody has ever scanned it");
    assert_eq!((&item["ask"]["code"], &item["appointment"]), (&json!("CL5"), &json!(starts_at)));
    for list in ["sent", "passed", "held"] {
        let (status, told) = service.json(&format!("chase?list={list}")).await;
        assert_eq!((status, told["items"].as_array().unwrap().len()), (200, 0), "{list}");
        assert!(service.page(&format!("/chase?list={list}")).await.starts_with("HTTP/1.1 200"));
    }
    for bad in ["chase?list=all", "chase?after=rubbish", "chase?limit=0"] {
        assert_eq!(service.json(bad).await.0, 400, "{bad}");
    }
}

#[tokio::test]
async fn a_room_is_swept_at_a_desk_and_called_whole_on_its_page() {
    let service = Service::start(Exposure::Loopback).await;
    let empty = service.page("/sweeps").await;
    assert!(empty.contains("Nothing was swept yet"), "{empty}");
    scan(&service, &Card::Sweep.barcode().to_string()).await;
    assert_eq!(scan(&service, "CL5").await.0, "told");
    assert_eq!(scan(&service, "F0001").await.0, "arrived");
    assert_eq!(scan(&service, "NOBODY-KNOWS").await.0, "refused");
    let (_, ended) = scan(&service, &Card::End.barcode().to_string()).await;
    assert!(ended.contains("1 expected, 1 seen, 1 of them from elsewhere, 1 unknown label"), "{ended}");
    let list = service.page("/sweeps").await;
    let url = list.split("href=\"").find(|rest| rest.starts_with("/sweeps/")).unwrap();
    let url = url.split('"').next().unwrap().to_owned();
    let page = service.page(&url).await;
    for told in ["NOBODY-KNOWS", "by the log it was not known anywhere", "It was the whole room"] {
        assert!(page.contains(told), "{told}: {page}");
    }
    let form = format!("id={}&step=whole&badge=NONE", Uuid::now_v7());
    let head = "content-type: application/x-www-form-urlencoded\r\n";
    let answer = service.ask("POST", &url, head, &form).await;
    assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
    let page = service.page(&url).await;
    assert!(page.contains("Should be here, and was not seen <small>1</small>"), "{page}");
    assert!(page.contains("/volumes/F0002"), "{page}");
    assert!(!page.contains("It was the whole room"), "said once: {page}");
    let (_, told) = service.json("volumes/F0002").await;
    assert!(told["search"].is_object(), "it is searched for, quietly: {told}");
    assert!(service.page("/sweeps/none").await.starts_with("HTTP/1.1 400"));
    assert!(service.page(&format!("/sweeps/{}", Uuid::now_v7())).await.starts_with("HTTP/1.1 404"));
}
