//! A label as dots in the languages of other label printers. Neither was tried on a printer.
//!
//! Sources: TSC, TSPL/TSPL2 Programming (`SIZE`, `GAP`, `BITMAP`, `PRINT`); Zebra, EPL2 Programmer's Guide (`N`, `q`, `Q`,
//! `GW`, `P`). In both a bit of 0 is a dot that is burnt.

use super::raster::{Which, raster};
use super::scene::Scene;

/// Copies that one job may ask for.
const MAX_COPIES: u16 = 999;
/// Between two labels of a roll, in millimetres: what nearly all rolls have.
const GAP_MM: u8 = 3;

/// TSPL, as TSC printers and many that are sold under other names take it.
pub fn tspl(scene: &Scene, copies: u16) -> Vec<u8> {
    let mm = |dots: i32| f64::from(scene.dpi.length(dots).get()) / 1e3;
    let (width, height) = (mm(scene.width), mm(scene.height));
    let mut job =
        format!("SIZE {width:.1} mm,{height:.1} mm\r\nGAP {GAP_MM} mm,0 mm\r\nDIRECTION 1\r\nCLS\r\n")
            .into_bytes();
    let (bytes_a_row, rows, dots) = burnt(scene);
    job.extend(format!("BITMAP 0,0,{bytes_a_row},{rows},0,").bytes());
    job.extend(dots);
    job.extend(format!("\r\nPRINT {},1\r\n", copies.clamp(1, MAX_COPIES)).bytes());
    job
}

/// EPL2, as older Zebra and Eltron printers take it.
pub fn epl(scene: &Scene, copies: u16) -> Vec<u8> {
    let gap = scene.dpi.dots(super::measure::Um::new(i32::from(GAP_MM) * 1_000));
    let mut job = format!("\r\nN\r\nq{}\r\nQ{},{gap}\r\n", scene.width, scene.height).into_bytes();
    let (bytes_a_row, rows, dots) = burnt(scene);
    job.extend(format!("GW0,0,{bytes_a_row},{rows},").bytes());
    job.extend(dots);
    job.extend(format!("\r\nP{}\r\n", copies.clamp(1, MAX_COPIES)).bytes());
    job
}

/// Bytes a row, rows, and the dots with black as 0.
fn burnt(scene: &Scene) -> (usize, usize, impl Iterator<Item = u8> + use<>) {
    let bitmap = raster(scene, Which::All);
    (bitmap.width.div_ceil(8), bitmap.height, bitmap.bits().into_iter().map(|byte| !byte))
}

#[cfg(test)]
mod tests {
    use super::super::measure::{Area, Dpi};
    use super::super::scene::{Ink, Item};
    use super::*;

    #[test]
    fn black_dots_are_bits_of_nought_between_plain_commands() {
        let area = Area { left: 0, top: 0, width: 4, height: 1 };
        let items = vec![Item::Fill(area, Ink::Black)];
        let scene = Scene { dpi: Dpi::THERMAL_8, width: 16, height: 2, items, notes: Vec::new() };
        let told = |job: Vec<u8>| job.escape_ascii().to_string();
        assert_eq!(
            told(tspl(&scene, 2)),
            r"SIZE 2.0 mm,0.2 mm\r\nGAP 3 mm,0 mm\r\nDIRECTION 1\r\nCLS\r\nBITMAP 0,0,2,2,0,\x0f\xff\xff\xff\r\nPRINT 2,1\r\n"
        );
        assert_eq!(told(epl(&scene, 1)), r"\r\nN\r\nq16\r\nQ2,24\r\nGW0,0,2,2,\x0f\xff\xff\xff\r\nP1\r\n");
    }
}
