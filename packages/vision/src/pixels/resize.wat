(module
  (memory (export "memory") 1)
  ;; Sums of 22 binary places begin at one half, so that cutting them rounds.
  (global $half i32 (i32.const 2097152))

  ;; Each line of `lines` at `from`, `stride` bytes apart, made `width` pixels wide.
  (func (export "rows")
    (param $from i32) (param $stride i32) (param $lines i32) (param $width i32)
    (param $first i32) (param $length i32) (param $weights i32) (param $span i32) (param $to i32)
    (local $x i32) (local $at i32) (local $weight i32) (local $end i32) (local $sum v128)
    (loop $line
      (local.set $x (i32.const 0))
      (loop $pixel
        (local.set $sum (i32x4.splat (global.get $half)))
        (local.set $at (i32.add (local.get $from)
          (i32.mul (i32.const 3) (i32.load (i32.add (local.get $first) (i32.shl (local.get $x) (i32.const 2)))))))
        (local.set $weight (i32.add (local.get $weights) (i32.shl (i32.mul (local.get $x) (local.get $span)) (i32.const 2))))
        (local.set $end (i32.add (local.get $weight)
          (i32.shl (i32.load (i32.add (local.get $length) (i32.shl (local.get $x) (i32.const 2)))) (i32.const 2))))
        (loop $tap
          (local.set $sum (i32x4.add (local.get $sum) (i32x4.mul
            (i32x4.extend_low_i16x8_u (i16x8.extend_low_i8x16_u (v128.load32_zero (local.get $at))))
            (v128.load32_splat (local.get $weight)))))
          (local.set $at (i32.add (local.get $at) (i32.const 3)))
          (br_if $tap (i32.lt_u (local.tee $weight (i32.add (local.get $weight) (i32.const 4))) (local.get $end))))
        ;; The fourth byte is nothing: the next pixel takes its place.
        (local.set $sum (i32x4.shr_s (local.get $sum) (i32.const 22)))
        (local.set $sum (i16x8.narrow_i32x4_s (local.get $sum) (local.get $sum)))
        (v128.store32_lane 0 (local.get $to) (i8x16.narrow_i16x8_u (local.get $sum) (local.get $sum)))
        (local.set $to (i32.add (local.get $to) (i32.const 3)))
        (br_if $pixel (i32.lt_u (local.tee $x (i32.add (local.get $x) (i32.const 1))) (local.get $width))))
      (local.set $from (i32.add (local.get $from) (local.get $stride)))
      (br_if $line (local.tee $lines (i32.sub (local.get $lines) (i32.const 1))))))

  ;; `height` lines of `line` bytes, each a sum of lines at `from`; 16 bytes at a time.
  (func (export "columns")
    (param $from i32) (param $line i32) (param $height i32)
    (param $first i32) (param $length i32) (param $weights i32) (param $span i32) (param $to i32)
    (local $x i32) (local $y i32) (local $at i32) (local $begin i32) (local $weight i32) (local $end i32) (local $top i32)
    (local $bytes v128) (local $low v128) (local $high v128) (local $share v128)
    (local $a v128) (local $b v128) (local $c v128) (local $d v128)
    (loop $row
      (local.set $top (i32.add (local.get $from)
        (i32.mul (local.get $line) (i32.load (i32.add (local.get $first) (i32.shl (local.get $y) (i32.const 2)))))))
      (local.set $begin (i32.add (local.get $weights) (i32.shl (i32.mul (local.get $y) (local.get $span)) (i32.const 2))))
      (local.set $end (i32.add (local.get $begin)
        (i32.shl (i32.load (i32.add (local.get $length) (i32.shl (local.get $y) (i32.const 2)))) (i32.const 2))))
      (local.set $x (i32.const 0))
      (loop $block
        (local.set $a (i32x4.splat (global.get $half)))
        (local.set $b (local.get $a))
        (local.set $c (local.get $a))
        (local.set $d (local.get $a))
        (local.set $at (i32.add (local.get $top) (local.get $x)))
        (local.set $weight (local.get $begin))
        (loop $tap
          (local.set $bytes (v128.load (local.get $at)))
          (local.set $share (v128.load32_splat (local.get $weight)))
          (local.set $low (i16x8.extend_low_i8x16_u (local.get $bytes)))
          (local.set $high (i16x8.extend_high_i8x16_u (local.get $bytes)))
          (local.set $a (i32x4.add (local.get $a) (i32x4.mul (i32x4.extend_low_i16x8_u (local.get $low)) (local.get $share))))
          (local.set $b (i32x4.add (local.get $b) (i32x4.mul (i32x4.extend_high_i16x8_u (local.get $low)) (local.get $share))))
          (local.set $c (i32x4.add (local.get $c) (i32x4.mul (i32x4.extend_low_i16x8_u (local.get $high)) (local.get $share))))
          (local.set $d (i32x4.add (local.get $d) (i32x4.mul (i32x4.extend_high_i16x8_u (local.get $high)) (local.get $share))))
          (local.set $at (i32.add (local.get $at) (local.get $line)))
          (br_if $tap (i32.lt_u (local.tee $weight (i32.add (local.get $weight) (i32.const 4))) (local.get $end))))
        (v128.store (i32.add (local.get $to) (local.get $x)) (i8x16.narrow_i16x8_u
          (i16x8.narrow_i32x4_s (i32x4.shr_s (local.get $a) (i32.const 22)) (i32x4.shr_s (local.get $b) (i32.const 22)))
          (i16x8.narrow_i32x4_s (i32x4.shr_s (local.get $c) (i32.const 22)) (i32x4.shr_s (local.get $d) (i32.const 22)))))
        (br_if $block (i32.lt_u (local.tee $x (i32.add (local.get $x) (i32.const 16))) (local.get $line))))
      (local.set $to (i32.add (local.get $to) (local.get $line)))
      (br_if $row (i32.lt_u (local.tee $y (i32.add (local.get $y) (i32.const 1))) (local.get $height))))))
